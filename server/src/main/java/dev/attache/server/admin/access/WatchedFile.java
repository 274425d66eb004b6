package dev.attache.server.admin.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A file that a flag names and that is replaced now and then: says whether it is another one than
 * when it was read last. Links are followed, so that mounted secrets, which are links, count as
 * replaced. Used by one thread.
 */
final class WatchedFile {

    private final String flag;
    private final Path path;
    private @Nullable Stamp read;

    private record Stamp(FileTime modified, long size, @Nullable Object key) {}

    WatchedFile(String flag, String path) {
        this.flag = flag;
        this.path = Path.of(path);
    }

    /** Whether it has changed since it was read, or cannot be looked at. */
    boolean isStale() {
        try {
            return !stamp().equals(read);
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Its content.
     *
     * @throws IOException where it cannot be read; the message names flag and file
     */
    byte[] read() throws IOException {
        try {
            Stamp before = stamp();
            byte[] content = Files.readAllBytes(path);
            read = before;
            return content;
        } catch (IOException e) {
            throw new IOException(this + " cannot be read: " + e, e);
        }
    }

    private Stamp stamp() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return flag + " " + path;
    }
}
