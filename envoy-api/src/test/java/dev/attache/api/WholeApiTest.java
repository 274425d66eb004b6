package dev.attache.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table against the list of all names of Envoy 1.40: it has each, and makes up none. */
class WholeApiTest {
    private static final String LIST = "envoy-1.40.txt";
    private static final String ENUM = "enum ";

    /**
     * A type of the list.
     *
     * @param members fields or values as {@code name=number}
     */
    private record Listed(String fullName, boolean isEnum, List<String> members) {}

    private static final List<Listed> LISTED = read();

    @Test
    void everyNameOfTheListIsInTheTableWithItsNumber() {
        List<String> unknown = new ArrayList<>();
        int members = 0;
        for (Listed type : LISTED) {
            Set<String> known = type.isEnum() ? values(type.fullName()) : fields(type.fullName());
            for (String member : type.members()) {
                members++;
                if (!known.contains(member)) {
                    unknown.add(type.fullName() + " " + member);
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(members).isGreaterThan(5000);
    }

    @Test
    void nothingIsSaidToBeNewerThatTheListDoesNotHave() {
        Set<String> listed = new HashSet<>();
        for (Listed type : LISTED) {
            listed.add(type.fullName());
            type.members().forEach(member -> listed.add(type.fullName() + " " + member));
        }
        List<String> invented = new ArrayList<>();
        for (String name : ApiTable.messageNames()) {
            MessageType type = Objects.requireNonNull(ApiTable.message(name));
            if (type.isNewer() && isOurs(name) && !listed.contains(name)) {
                invented.add(name);
            }
            for (FieldType field : type.fields()) {
                String member = name + " " + field.name() + "=" + field.number();
                if (field.isNewer() && isOurs(name) && !listed.contains(member)) {
                    invented.add(member);
                }
            }
        }
        for (String name : ApiTable.enumNames()) {
            for (EnumValue value : Objects.requireNonNull(ApiTable.enumeration(name)).values()) {
                String member = name + " " + value.name() + "=" + value.number();
                if (value.isNewer() && isOurs(name) && !listed.contains(member)) {
                    invented.add(member);
                }
            }
        }
        assertThat(invented).isEmpty();
    }

    /**
     * Other packages are libraries', of which we have what their jars bring, or Istio's, as are two
     * of Envoy's names.
     */
    private static boolean isOurs(String name) {
        return (name.startsWith("envoy.") || name.startsWith("xds."))
                && !name.startsWith("envoy.tcp.metadataexchange.")
                && !name.startsWith("envoy.extensions.network_filters.peer_metadata.");
    }

    private static Set<String> fields(String message) {
        Set<String> members = new HashSet<>();
        MessageType type = Objects.requireNonNull(ApiTable.message(message), message);
        type.fields().forEach(field -> members.add(field.name() + "=" + field.number()));
        return members;
    }

    private static Set<String> values(String enumeration) {
        Set<String> members = new HashSet<>();
        EnumType type = Objects.requireNonNull(ApiTable.enumeration(enumeration), enumeration);
        type.values().forEach(value -> members.add(value.name() + "=" + value.number()));
        return members;
    }

    private static List<Listed> read() {
        try (InputStream in = WholeApiTest.class.getResourceAsStream(LIST)) {
            String text =
                    new String(
                            Objects.requireNonNull(in, LIST).readAllBytes(),
                            StandardCharsets.UTF_8);
            List<Listed> types = new ArrayList<>();
            String scope = "";
            for (String line : text.lines().filter(each -> !each.startsWith("#")).toList()) {
                if (line.startsWith("package ")) {
                    scope = line.substring("package ".length()) + ".";
                } else {
                    types.add(listed(scope, line));
                }
            }
            return types;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Listed listed(String scope, String line) {
        boolean isEnum = line.startsWith(ENUM);
        String[] words = (isEnum ? line.substring(ENUM.length()) : line).split(" ", -1);
        return new Listed(scope + words[0], isEnum, List.of(words).subList(1, words.length));
    }
}
