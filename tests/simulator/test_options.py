"""Hellos in the emulator's order of keys (docs/protocol.md 1.2)."""

from irzhub.simulator.options import ModemOptions, build_hello


def test_hello_of_the_capture_without_encapsulation() -> None:
    options = ModemOptions(encapsulated=False, password="****", model="ATM21", build="024.254", csq=16, hello_end=b"")

    assert build_hello("868441036775234", options) == (
        b"AT$IMEI=868441036775234,PSW=****,TYP=ATM,DEV=ATM21,VER=01,REV=03,BLD=024.254,HDW=2.0,"
        b"SIM=0,CSQ=16,ATP=1.1,INT=485+232,"
    )


def test_hello_of_the_emulator() -> None:
    assert build_hello("1000000000000000", ModemOptions(channel=1)) == (
        b"AT$IMEI=1000000000000000,PSW=5492,TYP=ATM,DEV=ATM31,VER=01,REV=03,BLD=016.353,HDW=2.0,"
        b"SIM=0,CSQ=21,COLPROT=1.3,ATP=1.1,INT=485+232,CHN=1,\n"
    )
