package dev.attache.server.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The user that this process acts as. The owner of {@code /proc/self} is another one, root, where
 * the program has capabilities of its file. Any thread. Source: proc_pid_status(5), proc_pid(5).
 */
public final class ProcessUser {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String LINE = "Uid:";

    private ProcessUser() {}

    /**
     * The effective number; 0 is root.
     *
     * @throws IOException when the kernel does not say, or this is no Linux
     */
    public static int number() throws IOException {
        return number(Files.readAllLines(STATUS));
    }

    /** {@code Uid:} stands before the real, the effective, the saved and the filesystem's user. */
    static int number(List<String> status) throws IOException {
        for (String line : status) {
            String[] parts = line.split("\\s+", -1);
            if (parts[0].equals(LINE) && parts.length > 2) {
                try {
                    return Integer.parseUnsignedInt(parts[2]);
                } catch (NumberFormatException e) {
                    throw new IOException("no number of a user: " + line, e);
                }
            }
        }
        throw new IOException(STATUS + " has no line " + LINE);
    }
}
