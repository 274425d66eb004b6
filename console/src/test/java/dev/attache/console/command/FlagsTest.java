package dev.attache.console.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FlagsTest {

    private static final List<FlagSpec> KNOWN =
            List.of(
                    FlagSpec.text("output", "FORM", "text or json").letter('o'),
                    FlagSpec.text("timeout", "SECONDS", "for one answer"),
                    FlagSpec.onOff("all", "everything"));

    @Test
    void valuesStandBehindOrAfterAnEqualsSign() throws UsageException {
        Flags flags = read("-o", "json", "--timeout=2.5", "--all", "word", "--", "--all");
        assertThat(flags.choice("output", "text", "json")).isEqualTo("json");
        assertThat(flags.seconds("timeout", Duration.ZERO)).isEqualTo(Duration.ofMillis(2500));
        assertThat(flags.has("all")).isTrue();
        assertThat(flags.words()).containsExactly("word", "--all");
    }

    @Test
    void whatIsWrongIsNamed() throws UsageException {
        assertThatThrownBy(() -> read("--nothing")).hasMessage("there is no flag --nothing");
        assertThatThrownBy(() -> read("-o")).hasMessage("-o needs a value: FORM");
        assertThatThrownBy(() -> read("--all=yes")).hasMessage("--all takes no value");
        assertThatThrownBy(() -> read("--output", "xml").choice("output", "text", "json"))
                .hasMessage("--output is text, json; not \"xml\"");
        assertThatThrownBy(() -> read("--timeout", "soon").seconds("timeout", Duration.ZERO))
                .hasMessage("--timeout is a number of seconds, not \"soon\"");
        assertThatThrownBy(() -> read("--timeout", "0").seconds("timeout", Duration.ZERO))
                .hasMessageContaining("between 0.05 and 86400");
        assertThatThrownBy(() -> read("--timeout", "99").number("timeout", 1, 1, 9))
                .hasMessage("--timeout is between 1 and 9, not 99");
    }

    private static Flags read(String... arguments) throws UsageException {
        return Flags.parse(List.of(arguments), KNOWN);
    }
}
