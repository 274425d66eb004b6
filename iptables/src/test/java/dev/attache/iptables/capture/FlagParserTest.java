package dev.attache.iptables.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagParserTest {
    private static FlagValues parse(String... args) throws BadInput {
        return FlagParser.parse(List.of(args), Map.of());
    }

    @Test
    void takesEverySpelling() throws BadInput {
        assertThat(parse("-p", "1").text(Flag.ENVOY_PORT)).isEqualTo("1");
        assertThat(parse("-p1").text(Flag.ENVOY_PORT)).isEqualTo("1");
        assertThat(parse("-p=1").text(Flag.ENVOY_PORT)).isEqualTo("1");
        assertThat(parse("--envoy-port", "1").text(Flag.ENVOY_PORT)).isEqualTo("1");
        assertThat(parse("--envoy-port=1").text(Flag.ENVOY_PORT)).isEqualTo("1");
        assertThat(parse("-np1").isOn(Flag.DRY_RUN)).isTrue();
        assertThat(parse("-np1").text(Flag.ENVOY_PORT)).isEqualTo("1");
        assertThat(parse("--dry-run=false").isOn(Flag.DRY_RUN)).isFalse();
        assertThat(parse("-x", "").text(Flag.SERVICE_EXCLUDE_CIDR)).isEmpty();
        assertThat(parse("word", "-n", "--", "-p1").text(Flag.ENVOY_PORT)).isEqualTo("15001");
    }

    @Test
    void flagWinsOverVariableOverDefault() throws BadInput {
        Map<String, String> environment =
                Map.of(
                        "INBOUND_CAPTURE_PORT", "7",
                        "PROXY_UID", "",
                        "ENVOY_PORT", "9",
                        "DRY_RUN", "not a bool",
                        "ISTIO_META_DNS_CAPTURE", "true",
                        "REDIRECT_DNS", "false");
        FlagValues values = FlagParser.parse(List.of("-z", "8"), environment);
        assertThat(values.text(Flag.INBOUND_CAPTURE_PORT)).isEqualTo("8");
        values = FlagParser.parse(List.of(), environment);
        assertThat(values.text(Flag.INBOUND_CAPTURE_PORT)).isEqualTo("7");
        assertThat(values.text(Flag.PROXY_UID)).isEmpty();
        assertThat(values.isSet(Flag.PROXY_UID)).isTrue();
        assertThat(values.text(Flag.ENVOY_PORT)).as("has no variable").isEqualTo("15001");
        assertThat(values.isOn(Flag.DRY_RUN)).as("an unreadable variable is ignored").isFalse();
        assertThat(values.isOn(Flag.REDIRECT_DNS)).as("the second variable wins").isTrue();
        assertThat(values.name(Flag.INBOUND_CAPTURE_PORT))
                .isEqualTo("--inbound-capture-port (from INBOUND_CAPTURE_PORT)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nonsense | unknown flag: --nonsense",
                "-y | unknown shorthand flag: 'y' in -y",
                "-p | flag needs an argument: 'p' in -p",
                "--envoy-port | flag needs an argument: --envoy-port",
                "--dry-run=maybe | invalid argument \"maybe\" for \"-n, --dry-run\" flag",
                "--iptables-probe-port=65536 | value out of range",
                "--probe-timeout=5 | time: invalid duration",
            })
    void refuses(String arg, String message) {
        assertThatThrownBy(() -> parse(arg))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(message)
                .extracting(e -> ((BadInput) e).exitCode())
                .isEqualTo(BadInput.EXIT_USAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "5s, 5000000000", "500ms, 500000000", "1h2m3s, 3723000000000", "1.5s, 1500000000",
        "-1s, -1000000000", "0, 0", "7us, 7000", "3ns, 3"
    })
    void readsDurations(String text, long nanos) {
        assertThat(GoValues.parseDuration(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"80, 80", "0x50, 80", "0120, 80", "0b11, 3", "0o17, 15", "65535, 65535"})
    void readsPortNumbers(String text, int port) {
        assertThat(GoValues.parseUint16(text)).isEqualTo(port);
    }
}
