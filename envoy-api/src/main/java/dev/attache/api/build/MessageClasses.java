package dev.attache.api.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes those of the message classes that are read: {@code MessageClasses <folder of classes> <list
 * of packages> <protobuf's jar> <jar>…}. The packages of the list come whole, of all others what
 * these need, and no validators, which nobody calls.
 */
public final class MessageClasses {
    private static final String SUFFIX = ".class";
    private static final String OWN = "dev/attache/";

    /** What the map of protobuf's own Struct needs; our jar comes before protobuf's. */
    private static final List<String> STRUCT =
            List.of(
                    "com/google/protobuf/Struct$FieldsDefaultEntryHolder",
                    "com/google/protobuf/StructProto");

    private final Map<String, byte[]> available;

    private MessageClasses(Map<String, byte[]> available) {
        this.available = available;
    }

    /**
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        List<String> packages = packages(Path.of(arguments[1]));
        Map<String, byte[]> available = new HashMap<>();
        for (String jar : Arrays.asList(arguments).subList(3, arguments.length)) {
            read(Path.of(jar), available);
        }
        Map<String, byte[]> taken = new MessageClasses(available).take(packages);
        Map<String, byte[]> protobuf = new HashMap<>();
        read(Path.of(arguments[2]), protobuf);
        KeptFields kept = new KeptFields(available, protobuf);
        protobuf.keySet().retainAll(STRUCT);
        taken.putAll(protobuf);
        MapEntryHolders.rewrite(taken);
        taken.replaceAll((name, code) -> kept.rewrite(code));
        write(taken, target);
    }

    /** One Java package a line; # starts a comment. */
    static List<String> packages(Path list) throws IOException {
        return Files.readAllLines(list).stream()
                .map(line -> line.indexOf('#') < 0 ? line : line.substring(0, line.indexOf('#')))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static void read(Path jar, Map<String, byte[]> classes) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                if (name.endsWith(SUFFIX)) {
                    try (var in = file.getInputStream(entry)) {
                        classes.putIfAbsent(
                                name.substring(0, name.length() - SUFFIX.length()),
                                in.readAllBytes());
                    }
                }
            }
        }
    }

    private Map<String, byte[]> take(Collection<String> packages) {
        Deque<String> wanted = new ArrayDeque<>();
        for (String name : packages) {
            List<String> members = members(name.replace('.', '/'));
            if (members.isEmpty()) {
                throw new IllegalArgumentException("no class is in the package " + name);
            }
            wanted.addAll(members);
        }
        Map<String, byte[]> taken = new TreeMap<>();
        while (!wanted.isEmpty()) {
            String name = wanted.pop();
            byte[] code = available.get(name);
            if (code != null && taken.putIfAbsent(name, code) == null) {
                wanted.addAll(ClassReferences.of(code));
            }
        }
        return taken;
    }

    private List<String> members(String directory) {
        return available.keySet().stream()
                .filter(name -> name.startsWith(directory + "/"))
                .filter(name -> name.indexOf('/', directory.length() + 1) < 0)
                .filter(name -> !isValidator(name))
                .toList();
    }

    /** A message may be called so, too, and has its OrBuilder then. */
    private boolean isValidator(String name) {
        int nested = name.indexOf('$');
        String outer = nested < 0 ? name : name.substring(0, nested);
        return outer.endsWith("Validator") && !available.containsKey(outer + "OrBuilder");
    }

    /** Leaves alone what is there already as it should be, and takes away what was taken before. */
    private static void write(Map<String, byte[]> classes, Path target) throws IOException {
        Set<String> stale = new TreeSet<>(written(target));
        stale.removeAll(classes.keySet());
        for (String name : stale) {
            Files.delete(target.resolve(name + SUFFIX));
        }
        for (Map.Entry<String, byte[]> type : classes.entrySet()) {
            Path file = target.resolve(type.getKey() + SUFFIX);
            byte[] before = before(file);
            if (before == null || !Arrays.equals(before, type.getValue())) {
                Files.createDirectories(file.getParent());
                Files.write(file, type.getValue());
            }
        }
    }

    private static byte @Nullable [] before(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : null;
    }

    private static List<String> written(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.map(file -> target.relativize(file).toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.startsWith(OWN))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
