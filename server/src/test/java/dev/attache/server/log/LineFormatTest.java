package dev.attache.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LineFormatTest {

    private static final LogRecord RECORD =
            new LogRecord(
                    LocalDateTime.parse("2026-11-20T10:30:01.123456789")
                            .atZone(ZoneId.systemDefault())
                            .toInstant(),
                    LogLevel.WARNING,
                    "main",
                    "a \"b\"\nc",
                    null,
                    12,
                    new LogRecord.Source("dev/attache/Foo.java", 430, "bar"));

    private static String format(String pattern, boolean escaped) {
        StringBuilder line = new StringBuilder();
        new LineFormat(pattern, escaped, "1.2.3").append(line, RECORD);
        return line.toString();
    }

    @Test
    void defaultIsEnvoys() {
        assertThat(format(LineFormat.DEFAULT, false))
                .isEqualTo(
                        "[2026-11-20 10:30:01.123][12][warning][main] [dev/attache/Foo.java:430] a"
                                + " \"b\"\nc");
    }

    @Test
    void istiosFormat() {
        assertThat(format("%Y-%m-%dT%T.%fZ\t%l\tenvoy %n %g:%#\t%v\tthread=%t", true))
                .isEqualTo(
                        "2026-11-20T10:30:01.123456Z\twarning\tenvoy main dev/attache/Foo.java:430"
                                + "\ta \\\"b\\\"\\nc\tthread=12");
    }

    @Test
    void jsonEscapesTheMessage() {
        String pattern = Json.pattern(Map.of("msg", "%j", "level", "%l"));
        assertThat(format(pattern, false))
                .contains("\"msg\":\"a \\\"b\\\"\\nc\"")
                .contains("\"level\":\"warning\"")
                .startsWith("{")
                .endsWith("}");
    }

    @Test
    void unknownFlagsStandForThemselves() {
        assertThat(format("%k %% %N %s %@", false))
                .isEqualTo("%k % 1.2.3 Foo.java dev/attache/Foo.java:430");
    }

    @Test
    void onlyAsksForTheSourceWhereTheFormatShowsIt() {
        assertThat(new LineFormat("%v", false, "").needsSource()).isFalse();
        assertThat(new LineFormat("%g", false, "").needsSource()).isTrue();
    }
}
