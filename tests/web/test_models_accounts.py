"""What of accounts is taken."""

import pytest
from pydantic import ValidationError

from irzhub.web.models_accounts import NewUser


@pytest.mark.parametrize("change", [{"name": "Anna!"}, {"role": "king"}, {"rights_added": ["open"]}, {"extra": 1}])
def test_what_is_refused(change: dict[str, object]) -> None:
    good: dict[str, object] = {"name": "anna", "password": "x", "role": "viewer"}

    assert NewUser.model_validate(good).rights_added == []
    with pytest.raises(ValidationError):
        NewUser.model_validate({**good, **change})
