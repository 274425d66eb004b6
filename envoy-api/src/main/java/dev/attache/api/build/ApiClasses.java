package dev.attache.api.build;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The descriptors of the message classes on the class path. */
final class ApiClasses {
    private static final String SUFFIX = ".class";

    private ApiClasses() {}

    /**
     * All files whose classes are where {@code example} is, and those that they import, by name.
     *
     * @throws IOException if the jar cannot be read
     */
    static Map<String, FileDescriptor> files(Class<?> example) throws IOException {
        Map<String, FileDescriptor> files = new TreeMap<>();
        for (String name : outerClasses(location(example))) {
            add(descriptor(name), files);
        }
        return files;
    }

    private static Path location(Class<?> example) {
        try {
            return Path.of(example.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> outerClasses(Path location) throws IOException {
        if (Files.isDirectory(location)) {
            return outerClassesBelow(location);
        }
        URI jar = URI.create("jar:" + location.toUri());
        try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
            return outerClassesBelow(files.getPath("/"));
        }
    }

    /** Those that stand alone: a message has a builder, an enum or a service has other members. */
    private static List<String> outerClassesBelow(Path root) throws IOException {
        Set<String> names = new HashSet<>();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.map(path -> root.relativize(path).toString())
                    .filter(path -> path.endsWith(SUFFIX))
                    .forEach(path -> names.add(path.substring(0, path.length() - SUFFIX.length())));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return names.stream()
                .filter(name -> name.indexOf('$') < 0 && !name.endsWith("OrBuilder"))
                .filter(name -> !names.contains(name + "OrBuilder"))
                .map(name -> name.replace('/', '.'))
                .sorted()
                .toList();
    }

    /** Null of a class that is none of the kind. */
    private static @Nullable FileDescriptor descriptor(String className) {
        try {
            Class<?> outer = Class.forName(className, false, ApiClasses.class.getClassLoader());
            var getter = outer.getDeclaredMethod("getDescriptor");
            return getter.getReturnType() == FileDescriptor.class
                    ? (FileDescriptor) getter.invoke(null)
                    : null;
        } catch (NoSuchMethodException | NoClassDefFoundError e) {
            return null; // some other class: those of libraries that are not here do not resolve
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(className, e);
        }
    }

    private static void add(@Nullable FileDescriptor file, Map<String, FileDescriptor> files) {
        if (file != null && files.putIfAbsent(file.getName(), file) == null) {
            file.getDependencies().forEach(imported -> add(imported, files));
        }
    }
}
