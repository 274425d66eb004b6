package dev.attache.agent.onboard.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Paths of a machine whose root is a directory of this one, as an image is: the links in it are
 * followed as if that directory were the root, so that {@code var/run -> /run} of an image never
 * leads to the {@code /run} of whoever prepares it. Stateless.
 */
final class Within {
    private static final int MOST_LINKS = 40;

    private Within() {}

    /**
     * Where a path leads; its last name is not followed, as files and links are replaced
     * themselves.
     *
     * @param path below the root, without the slash before it
     * @throws IOException if its links lead in a circle
     */
    static Path of(Path root, String path) throws IOException {
        Path last = Path.of(path).normalize();
        Path above = last.getParent();
        Path name = last.getFileName();
        return above == null ? root.resolve(last) : followed(root, above).resolve(name);
    }

    private static Path followed(Path root, Path path) throws IOException {
        Deque<Path> names = new ArrayDeque<>();
        path.forEach(names::add);
        Path at = Path.of("");
        int links = 0;
        while (!names.isEmpty()) {
            Path next = at.resolve(names.removeFirst()).normalize();
            if (next.startsWith("..")) {
                next = Path.of(""); // above a root there is only the root
            }
            Path here = root.resolve(next);
            if (!Files.isSymbolicLink(here)) {
                at = next;
                continue;
            }
            if (++links > MOST_LINKS) {
                throw new IOException(here + " leads in a circle of links");
            }
            Path target = Files.readSymbolicLink(here);
            at = target.isAbsolute() ? Path.of("") : at;
            Deque<Path> behind = new ArrayDeque<>();
            target.forEach(behind::addFirst);
            behind.forEach(names::addFirst);
        }
        return root.resolve(at);
    }
}
