package dev.attache.agent.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What other programs answered, one record of JSON a line, beside the test that reads it. */
public final class Records {

    private Records() {}

    /** Those in {@code records.jsonl} of the test's package. */
    public static Stream<Map<?, ?>> of(Class<?> test) {
        try (InputStream in = test.getResourceAsStream("records.jsonl")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().map(line -> (Map<?, ?>) Json.parse(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
