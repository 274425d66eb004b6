package dev.attache.config.extension.jar;

import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.worker.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Extensions beside the proxy on its own class path, where somebody runs it as a library. They are
 * there from the start to the end. Reads the service files itself, as a ServiceLoader does not say
 * which jar one is from.
 */
final class ClassPathExtensions {
    private final List<ServiceKind<?>> kinds;
    private final ClassLoader loader;
    private final ExtensionRegistry registry;
    private final TypeRegistry types;
    private final UserExtensions.Journal journal;

    ClassPathExtensions(
            List<ServiceKind<?>> kinds,
            ClassLoader loader,
            ExtensionRegistry registry,
            TypeRegistry types,
            UserExtensions.Journal journal) {
        this.kinds = kinds;
        this.loader = loader;
        this.registry = registry;
        this.types = types;
        this.journal = journal;
    }

    /** Adds those that can be had. */
    void load() {
        for (ServiceKind<?> kind : kinds) {
            for (URL file : files(kind)) {
                load(kind, file);
            }
        }
    }

    private List<URL> files(ServiceKind<?> kind) {
        try {
            return Collections.list(loader.getResources(ServiceFile.of(kind)));
        } catch (IOException e) {
            journal.refused("cannot look for extensions on the class path: " + e.getMessage());
            return List.of();
        }
    }

    private void load(ServiceKind<?> kind, URL file) {
        FactoryCheck check = new FactoryCheck(registry.all(), Map.of());
        for (String type : names(file)) {
            try {
                Class<?> named = Class.forName(type, true, loader);
                check.take(new ExtensionJar.Factory(type, ServiceFile.make(kind, named)));
            } catch (Throwable thrown) {
                Faults.contain(thrown);
                String why = type + ": " + ExtensionJar.reason(thrown);
                journal.refused(UserExtensions.line(jar(file), why));
            }
        }
        registry.adopt(registry.replacing(Set.of(), check.entries(), 0));
        check.prototypes().forEach(types::register);
    }

    private Set<String> names(URL file) {
        try {
            URLConnection connection = file.openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                return ServiceFile.classNames(in.readAllBytes());
            }
        } catch (IOException e) {
            journal.refused(
                    "cannot load the extensions of %s: %s; correct or remove that jar"
                            .formatted(jar(file), e.getMessage()));
            return Set.of();
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
