package dev.attache.config.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * The extensions that a release build of Envoy 1.40 has, so that one that is not built here can be
 * told from one that does not exist. The list beside this class is what Envoy sends to control
 * planes as {@code node.extensions}. Read on first use, which is a refusal; immutable.
 */
public final class EnvoyExtensions {
    private static final String LIST = "envoy-1.40-extensions.txt";
    private static final String NOT_BUILT =
            "Envoy has it; it is not built here yet, see docs/extensions.md for what is";
    private static final String UNKNOWN = "Envoy 1.40 does not have it either; check the type";

    /** Loaded on first use. */
    private static final class Known {
        static final Set<String> TYPES = new HashSet<>();
        static final Set<String> NAMES = new HashSet<>();

        static {
            for (String line : lines()) {
                String[] words = line.split(" ", -1);
                NAMES.add(words[0] + " " + words[1]);
                for (int i = 2; i < words.length; i++) {
                    TYPES.add(words[i]);
                }
            }
        }

        private static String[] lines() {
            try (InputStream in = EnvoyExtensions.class.getResourceAsStream(LIST)) {
                byte[] bytes = Objects.requireNonNull(in, LIST).readAllBytes();
                return new String(bytes, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .toArray(String[]::new);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private EnvoyExtensions() {}

    /**
     * Whether Envoy has an extension that is configured by the message.
     *
     * @param messageType full name of a message
     */
    public static boolean hasType(String messageType) {
        return Known.TYPES.contains(messageType);
    }

    /**
     * Whether Envoy has an extension of the name.
     *
     * @param category as Envoy calls it, e.g. {@code envoy.clusters}
     */
    public static boolean hasName(String category, String name) {
        return Known.NAMES.contains(category + " " + name);
    }

    /**
     * What to do about an extension that is missing here.
     *
     * @param known whether Envoy has it
     */
    public static String remedy(boolean known) {
        return known ? NOT_BUILT : UNKNOWN;
    }
}
