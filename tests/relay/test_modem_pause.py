"""How long a modem waits for a program, seen from both sides."""

from tests.relay.client_rig import Rig, until


async def test_a_modem_is_read_again_when_the_program_has_taken_all() -> None:
    async with Rig() as rig:
        client = await rig.connect()
        await client.says(b"?")
        await rig.meter.hears(b"?")
        [program] = rig.channel.programs
        rig.channel.program_full(program, program.comfort_bytes + 1)
        assert rig.meter.paused_at is not None

        rig.channel.program_relieved(program)
        assert rig.meter.paused_at is None


async def test_a_modem_that_left_while_it_waited_is_not_touched_again() -> None:
    async with Rig() as rig:
        await rig.connect()
        [program] = rig.channel.programs
        rig.channel.program_full(program, program.comfort_bytes + 1)
        rig.channel.detach(rig.meter)

        rig.channel.program_relieved(program)
        assert rig.meter.paused_at is not None  # as it was left


async def test_a_program_that_leaves_lets_the_modem_go_on() -> None:
    async with Rig() as rig:
        client = await rig.connect()
        [program] = rig.channel.programs
        rig.channel.program_full(program, program.comfort_bytes + 1)
        assert rig.meter.paused_at is not None
        client.close()

        await until(lambda: not rig.channel.programs)
        assert rig.meter.paused_at is None
