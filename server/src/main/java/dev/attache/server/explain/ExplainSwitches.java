package dev.attache.server.explain;

import dev.attache.proxy.explain.Explaining;
import dev.attache.server.flags.ServerOptions.ExplainOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Switches on what flags say about decisions, as the proxy starts. */
public final class ExplainSwitches {

    /** A shorter one is guessed. */
    private static final int LEAST_OCTETS = 16;

    private ExplainSwitches() {}

    /**
     * Does what the flags say.
     *
     * @throws IOException when the secret cannot be read, or is no secret; the message names the
     *     flag
     */
    public static void set(ExplainOptions options, Explaining explaining) throws IOException {
        explaining.keep(options.keepKb() * 1024);
        if (!options.secretPath().isEmpty()) {
            explaining.secret(secret(Path.of(options.secretPath())));
        }
    }

    private static byte[] secret(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new IOException("--explain-secret-path: cannot read " + file + ": " + e, e);
        }
        if (text.length() < LEAST_OCTETS) {
            throw new IOException(
                    "--explain-secret-path: the secret in "
                            + file
                            + " has "
                            + text.length()
                            + " octets; give it "
                            + LEAST_OCTETS
                            + " at least");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
