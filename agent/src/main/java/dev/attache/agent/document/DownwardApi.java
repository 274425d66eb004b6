package dev.attache.agent.document;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files of Kubernetes' downward API: a line {@code key="value"} for each label or annotation. */
public final class DownwardApi {

    private DownwardApi() {}

    /**
     * Reads a file.
     *
     * @throws IOException if there is none, or it cannot be read
     * @throws IllegalArgumentException if a value is not quoted as Go quotes text
     */
    public static Map<String, String> read(Path file) throws IOException {
        return parse(Files.readString(file, StandardCharsets.UTF_8));
    }

    /** Lines without {@code =} say nothing. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int sign = line.indexOf('=');
            if (sign >= 0) {
                values.put(line.substring(0, sign), GoQuotes.unquote(line.substring(sign + 1)));
            }
        }
        return values;
    }
}
