package dev.attache.server.admin.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The token that whoever asks an admin port shows there: the first of the port's own file. Pure.
 */
public final class ShownToken {

    private ShownToken() {}

    /**
     * Reads it.
     *
     * @throws IOException naming the file, where it cannot be read or holds no token
     */
    public static String of(Path file) throws IOException {
        String token;
        try {
            token =
                    Files.readString(file, StandardCharsets.ISO_8859_1)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .findFirst()
                            .orElse("");
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e, e);
        }
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IOException(file + " holds no token: one word of visible ASCII");
        }
        return token;
    }
}
