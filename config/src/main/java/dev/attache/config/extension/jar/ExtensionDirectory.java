package dev.attache.config.extension.jar;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The directory that users put their extensions in: each jar of it is one, and each directory of
 * jars (its own, and those of {@code lib/} in it). Hidden files and directories are none. Any
 * thread.
 */
final class ExtensionDirectory {

    /**
     * One extension as it lies there.
     *
     * @param path the jar, or the directory
     * @param files its jars, in order
     * @param stamp sizes, times and identities of its files: another one where something was done
     *     to one of them
     */
    record Place(Path path, List<Path> files, String stamp) {}

    private final Path directory;

    ExtensionDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * What lies there now, by path; nothing where there is no such directory.
     *
     * @throws IOException if it cannot be read
     */
    SortedMap<Path, Place> look() throws IOException {
        SortedMap<Path, Place> places = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return places;
        }
        for (Path path : visible(directory)) {
            List<Path> files = new ArrayList<>();
            if (Files.isDirectory(path)) {
                addJars(path, files);
                addJars(path.resolve("lib"), files);
            } else if (isJar(path)) {
                files.add(path);
            }
            if (!files.isEmpty()) {
                places.put(path, new Place(path, List.copyOf(files), stamp(files)));
            }
        }
        return places;
    }

    private static void addJars(Path from, List<Path> files) throws IOException {
        if (Files.isDirectory(from)) {
            for (Path path : visible(from)) {
                if (isJar(path)) {
                    files.add(path);
                }
            }
        }
    }

    private static boolean isJar(Path path) {
        return path.toString().endsWith(".jar") && Files.isRegularFile(path);
    }

    private static List<Path> visible(Path directory) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path path : stream) {
                if (!path.getFileName().toString().startsWith(".")) {
                    all.add(path);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        all.sort(null);
        return all;
    }

    private static String stamp(List<Path> files) throws IOException {
        StringBuilder stamp = new StringBuilder();
        for (Path file : files) {
            stamp.append(file.getFileName()).append(' ');
            try {
                BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
                stamp.append(of.size())
                        .append(' ')
                        .append(of.lastModifiedTime())
                        .append(' ')
                        .append(of.fileKey());
            } catch (java.nio.file.NoSuchFileException e) {
                stamp.append("gone"); // since it was listed: the next look knows more
            }
            stamp.append('\n');
        }
        return stamp.toString();
    }
}
