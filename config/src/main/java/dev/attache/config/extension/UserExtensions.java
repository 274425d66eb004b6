package dev.attache.config.extension;

import dev.attache.proxy.worker.Faults;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The extensions that users' jars bring: the classes that their {@code META-INF/services} name as
 * {@link ExtensionFactory}. It reads those files itself, as a ServiceLoader does not say which jar
 * one is from: an extension that cannot be loaded is refused by jar and class, and the others
 * serve. Used once, at the start.
 */
public final class UserExtensions {
    private static final String SERVICES = "META-INF/services/" + ExtensionFactory.class.getName();

    private final ClassLoader loader;
    private final Consumer<ExtensionFactory<?, ?>> taken;
    private final Consumer<String> refused;
    private final Map<ExtensionKey, ExtensionEntry> entries = new HashMap<>();

    private UserExtensions(
            ClassLoader loader, Consumer<ExtensionFactory<?, ?>> taken, Consumer<String> refused) {
        this.loader = loader;
        this.taken = taken;
        this.refused = refused;
    }

    /**
     * The extensions that come with the proxy, and those of users beside them.
     *
     * @param taken told of each of users; what it throws refuses that one
     * @param refused told in a line why one is not there
     */
    public static ExtensionRegistry beside(
            List<? extends ExtensionEntry> builtIn,
            ClassLoader loader,
            Consumer<ExtensionFactory<?, ?>> taken,
            Consumer<String> refused) {
        UserExtensions users = new UserExtensions(loader, taken, refused);
        List<ExtensionEntry> all = new ArrayList<>(builtIn);
        for (URL file : users.files()) {
            if (users.entries.isEmpty()) {
                builtIn.forEach(entry -> users.entries.put(entry.key(), entry));
            }
            for (String name : users.names(file)) {
                users.load(name, file, all);
            }
        }
        return new ExtensionRegistry(all);
    }

    private List<URL> files() {
        try {
            return Collections.list(loader.getResources(SERVICES));
        } catch (IOException e) {
            refused.accept("cannot look for extensions in jars: " + e.getMessage());
            return List.of();
        }
    }

    private Set<String> names(URL file) {
        Set<String> names = new LinkedHashSet<>();
        try {
            URLConnection connection = file.openConnection();
            connection.setUseCaches(false);
            try (BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(
                                    connection.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    int comment = line.indexOf('#');
                    String name = (comment < 0 ? line : line.substring(0, comment)).strip();
                    if (!name.isEmpty()) {
                        names.add(name);
                    }
                }
            }
        } catch (IOException e) {
            refused.accept(
                    "cannot load the extensions of %s: %s; correct or remove that jar"
                            .formatted(jar(file), e.getMessage()));
        }
        return names;
    }

    private void load(String name, URL file, List<ExtensionEntry> all) {
        try {
            Class<?> type = Class.forName(name, true, loader);
            ExtensionFactory<?, ?> factory =
                    (ExtensionFactory<?, ?>) type.getConstructor().newInstance();
            ExtensionEntry other = entries.get(factory.key());
            if (other != null) {
                throw new IllegalStateException(
                        "extension %s is there already, by %s"
                                .formatted(factory.key(), other.getClass().getName()));
            }
            taken.accept(factory);
            entries.put(factory.key(), factory);
            all.add(factory);
        } catch (Throwable thrown) {
            Faults.contain(thrown);
            Throwable cause = thrown.getCause();
            refused.accept(
                    "cannot load the extension %s of %s: %s; correct or remove that jar"
                            .formatted(
                                    name, jar(file), Faults.text(cause == null ? thrown : cause)));
        }
    }

    /** The file that a user knows. */
    private static String jar(URL file) {
        String text = file.toString();
        int inside = text.indexOf("!/");
        String jar = inside < 0 ? text : text.substring(0, inside);
        return jar.startsWith("jar:file:") ? jar.substring("jar:file:".length()) : jar;
    }
}
