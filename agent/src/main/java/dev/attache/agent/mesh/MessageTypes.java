package dev.attache.agent.mesh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages that Istio's mesh configuration is made of, by name, from the table {@code
 * messages.txt}. Names are without {@code istio.}. Immutable; any thread.
 */
public final class MessageTypes {

    private static final MessageTypes ALL = load();

    private final Map<String, List<MessageField>> messages = new HashMap<>();

    /** Names and numbers of each enum. */
    private final Map<String, Map<String, Integer>> enums = new HashMap<>();

    private MessageTypes() {}

    /** The fields of a message, in the order in which they are declared. */
    public static List<MessageField> fields(String message) {
        return known(ALL.messages.get(message), message);
    }

    /** The numbers of an enum's values by their names. */
    public static Map<String, Integer> values(String name) {
        return known(ALL.enums.get(name), name);
    }

    private static <T> T known(@org.jspecify.annotations.Nullable T found, String name) {
        if (found == null) {
            throw new IllegalArgumentException("the table has no " + name);
        }
        return found;
    }

    private static MessageTypes load() {
        MessageTypes types = new MessageTypes();
        try (InputStream table = MessageTypes.class.getResourceAsStream("messages.txt")) {
            if (table == null) {
                throw new IllegalStateException("the table messages.txt is not with the classes");
            }
            var lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8));
            types.read(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return types;
    }

    private void read(List<String> lines) {
        List<MessageField> fields = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "#" -> {}
                case "message" -> {
                    fields = new ArrayList<>();
                    messages.put(words[1], fields);
                }
                case "enum" -> enums.put(words[1], enumeration(words));
                default -> fields.add(MessageField.parse(line));
            }
        }
    }

    private static Map<String, Integer> enumeration(String[] words) {
        Map<String, Integer> values = new LinkedHashMap<>();
        for (int i = 2; i < words.length; i++) {
            int sign = words[i].indexOf('=');
            values.put(words[i].substring(0, sign), Integer.valueOf(words[i].substring(sign + 1)));
        }
        return values;
    }
}
