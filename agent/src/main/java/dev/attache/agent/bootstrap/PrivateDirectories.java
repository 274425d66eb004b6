package dev.attache.agent.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories that nobody else looks into, as Istio's agent makes them: mode 0700. */
final class PrivateDirectories {

    private PrivateDirectories() {}

    /** Makes those that are missing; those that are there stay as they are. */
    static void create(Path directory) throws IOException {
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
