package dev.attache.packaging.product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * What is run before and after installing and removing, from one folder. A line {@code #include
 * NAME} stands for the file of that name: both formats share them.
 *
 * @param folder holds {@code deb/}, {@code rpm/} and what they share
 */
record Scripts(Path folder) {
    private static final String INCLUDE = "#include ";

    /** A script, by its path in the folder. */
    String read(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name)).stream()
                .map(this::line)
                .collect(Collectors.joining());
    }

    private String line(String line) {
        if (!line.startsWith(INCLUDE)) {
            return line + "\n";
        }
        try {
            return Files.readString(folder.resolve(line.substring(INCLUDE.length()).strip()));
        } catch (IOException e) {
            throw new IllegalStateException("no such script: " + line, e);
        }
    }
}
