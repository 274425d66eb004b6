package dev.attache.agent.onboard.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who the agent runs as. Immutable.
 *
 * @param name empty where the machine has no such user and the numbers have to do
 */
public record Account(String name, int user, int group) {
    /** The user of Istio's packages. */
    public static final String USUAL = "istio-proxy";

    private static final int USUAL_NUMBER = 1337;
    private static final int GROUP_FIELD = 3;

    /** The user by name; for Istio's own name its usual number, where there is no such user. */
    public static Account usual(Path root) throws IOException {
        Account found = find(root, USUAL);
        return found == null ? new Account("", USUAL_NUMBER, USUAL_NUMBER) : found;
    }

    /** A user of the machine, from its passwd file; null where there is none of that name. */
    public static @Nullable Account find(Path root, String name) throws IOException {
        Path users = root.resolve("etc/passwd");
        if (Files.exists(users)) {
            for (String line : Files.readAllLines(users)) {
                String[] fields = line.split(":");
                if (fields.length > GROUP_FIELD && fields[0].equals(name)) {
                    return new Account(
                            name, Integer.parseInt(fields[2]), Integer.parseInt(fields[3]));
                }
            }
        }
        return null;
    }
}
