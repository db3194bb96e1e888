"""The keys of `irzhub.yaml` about the servers that the hub calls itself; `schema.py` says what a schema is for."""

from typing import Any, Final

import voluptuous as vol

from irzhub.config.schema_keys import key
from irzhub.config.validators import PORT, Flag, Items, Network, OrNull, Text
from irzhub.core.domain_names import ascii_domain


class Host:
    """A host name, `*.` before it for all below; becomes ASCII."""

    expected: str = "a host name such as example.ru or *.example.ru"

    def __call__(self, value: Any) -> str:
        try:
            if isinstance(value, str):
                star, name = ("*.", value[2:]) if value.startswith("*.") else ("", value)
                return star + ascii_domain(name)
        except ValueError:
            pass  # said below, in the operator's words
        raise vol.Invalid(f"expected {self.expected}")


OUTBOUND: Final = {
    key(
        "hosts",
        [],
        "hosts that may be called, `*.example.ru` for all below one; empty: any public one",
        "к каким серверам можно обращаться, `*.example.ru` вместе со всеми ниже; пусто: к любым публичным",
    ): Items(Host(), noun="host names"),
    key(
        "networks",
        [],
        "own networks that may be called besides the public internet, such as 10.0.5.0/24 or 127.0.0.0/8",
        "к каким своим сетям можно обращаться кроме интернета, например 10.0.5.0/24 или 127.0.0.0/8",
    ): Items(Network("a network such as 10.0.5.0/24", words=()), noun="networks"),
    key(
        "ports",
        [80, 443, 8443],
        "ports of public servers; empty: any",
        "порты публичных серверов; пусто: любые",
    ): Items(PORT, noun="ports"),
    key(
        "plain_http",
        False,
        "public servers may be called without TLS",
        "обращаться к публичным серверам и без TLS",
    ): Flag(),
    key(
        "proxy",
        None,
        "HTTP proxy such as http://user:password@10.0.0.1:3128; it looks names up, so `hosts` must be set",
        "HTTP-прокси, например http://user:password@10.0.0.1:3128; имена ищет он, поэтому нужен список `hosts`",
        is_secret=True,
    ): OrNull(Text("http://host:port or http://user:password@host:port", r"https?://([^\s/@]+@)?[^\s/@:]+:[0-9]{1,5}")),
    key(
        "ca_file",
        None,
        "PEM file with the authority of the servers' certificates; null: those of the system",
        "PEM-файл удостоверяющего центра серверов; null: системные",
    ): OrNull(Text("a file")),
}
