package dev.attache.xds.file;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code PathConfigSource}: a file, and when to read it again. Immutable.
 *
 * @param watchedDirectory whatever is moved there says so; null = a move over the file
 * @param pollInterval reads it as often, changed or not, and watches nothing; zero = watches
 */
public record FileSource(Path file, @Nullable Path watchedDirectory, Duration pollInterval) {

    /** A file that is read when something is moved over it. */
    public static FileSource replaced(Path file) {
        return new FileSource(file, null, Duration.ZERO);
    }
}
