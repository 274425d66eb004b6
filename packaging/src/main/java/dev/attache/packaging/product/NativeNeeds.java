package dev.attache.packaging.product;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What native code among the files wants of the system: the versions of symbols that it names, in
 * programs, in libraries, and in jars, which are not compressed. Stateless. Source: Linux Standard
 * Base, symbol versioning.
 */
final class NativeNeeds {
    private static final Pattern VERSION = Pattern.compile("GLIBC_2\\.(\\d+)");
    private static final int ELF = 0x7F454C46;
    private static final int ZIP = 0x504B0304;

    /** What the JDK's own builds have wanted for ten years. */
    private static final int OLDEST = 17;

    private NativeNeeds() {}

    /** The oldest version of the C library that all of it runs with. */
    static String glibc(List<Content> contents) throws IOException {
        int newest = OLDEST;
        for (Content content : contents) {
            if (!content.isDirectory() && !content.isLink()) {
                newest = Math.max(newest, of(Files.readAllBytes(content.source())));
            }
        }
        return "2." + newest;
    }

    private static int of(byte[] file) {
        int newest = 0;
        if (starts(file, ELF) || starts(file, ZIP)) {
            Matcher matcher = VERSION.matcher(new String(file, StandardCharsets.ISO_8859_1));
            while (matcher.find()) {
                newest = Math.max(newest, Integer.parseInt(matcher.group(1)));
            }
        }
        return newest;
    }

    private static boolean starts(byte[] file, int magic) {
        return file.length > Integer.BYTES && ByteBuffer.wrap(file).getInt() == magic;
    }
}
