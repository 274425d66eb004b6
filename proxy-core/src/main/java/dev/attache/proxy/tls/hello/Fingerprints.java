package dev.attache.proxy.tls.hello;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * JA3 and JA4 of one hello, as Envoy takes them: without GREASE (RFC 8701), which JA3 leaves among
 * the groups. Immutable.
 */
final class Fingerprints {

    private static final int SERVER_NAME = 0;
    private static final int GROUPS = 10;
    private static final int POINT_FORMATS = 11;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int VERSIONS = 43;
    private static final int HASH_DIGITS = 12;
    private static final int MOST_COUNTED = 99;

    private record Extension(int type, Cursor body) {}

    private final int version;
    private final int[] suites;
    private final List<Extension> extensions = new ArrayList<>();

    private Fingerprints(Cursor hello) {
        version = hello.u16();
        hello.skip(32);
        hello.skip(hello.u8());
        suites = withoutGrease(hello.sub(hello.u16()).numbers());
        hello.skip(hello.u8());
        Cursor rest = hello.left() > 0 ? hello.sub(hello.u16()) : hello;
        while (!rest.failed && rest.left() > 0) {
            extensions.add(new Extension(rest.u16(), rest.sub(rest.u16())));
        }
    }

    /**
     * @param message the body of a hello that was found to be one
     */
    static Fingerprints of(byte[] message) {
        return new Fingerprints(new Cursor(message, 0, message.length));
    }

    /** Version, suites, extensions, groups and point formats as decimal numbers, by MD5. */
    String ja3() {
        String joined =
                version
                        + ","
                        + decimal(suites)
                        + ","
                        + decimal(types())
                        + ","
                        + decimal(numbers(GROUPS))
                        + ","
                        + decimal(pointFormats());
        return hash("MD5", joined);
    }

    /** What is offered in short, then hashes of what is offered, in order of numbers. */
    String ja4() {
        int[] sorted = suites.clone();
        Arrays.sort(sorted);
        return "t"
                + offeredVersion()
                + (body(SERVER_NAME) == null ? "i" : "d")
                + counted(suites.length)
                + counted(types().length)
                + protocol()
                + "_"
                + shortHash(sorted.length == 0 ? "" : hexadecimal(sorted))
                + "_"
                + shortHash(extensionsAndSignatures());
    }

    private String extensionsAndSignatures() {
        int[] sorted =
                IntStream.of(types()).filter(t -> t != SERVER_NAME && t != ALPN).sorted().toArray();
        int[] signatures = numbers(SIGNATURE_ALGORITHMS);
        String known = hexadecimal(sorted);
        return sorted.length == 0 || signatures.length == 0
                ? known
                : known + "_" + hexadecimal(signatures);
    }

    /** The newest of supported_versions, or that of the hello itself. */
    private String offeredVersion() {
        Cursor versions = body(VERSIONS);
        int newest = 0;
        if (versions != null) {
            Cursor list = versions.sub(versions.u8());
            if (list.failed) {
                return "00";
            }
            newest = IntStream.of(withoutGrease(list.numbers())).max().orElse(0);
        }
        return switch (newest == 0 ? version : newest) {
            case 0x0304 -> "13";
            case 0x0303 -> "12";
            case 0x0302 -> "11";
            case 0x0301 -> "10";
            default -> "00";
        };
    }

    /**
     * First and last character of the first protocol; what is neither letter nor digit in
     * hexadecimal.
     */
    private String protocol() {
        Cursor alpn = body(ALPN);
        if (alpn == null) {
            return "00";
        }
        alpn.u16();
        String name = alpn.sub(alpn.u8()).text();
        if (alpn.failed || name.isEmpty()) {
            return "00";
        }
        char first = name.charAt(0);
        char last = name.charAt(name.length() - 1);
        return isLetterOrDigit(first) && isLetterOrDigit(last)
                ? "" + first + last
                : Integer.toHexString(first >> 4 & 0xf) + Integer.toHexString(last & 0xf);
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    private int[] types() {
        return withoutGrease(extensions.stream().mapToInt(Extension::type).toArray());
    }

    /** The numbers of a list behind its length, or none. */
    private int[] numbers(int type) {
        Cursor body = body(type);
        if (body == null) {
            return new int[0];
        }
        body.u16();
        return body.failed ? new int[0] : body.numbers();
    }

    private int[] pointFormats() {
        Cursor body = body(POINT_FORMATS);
        if (body == null) {
            return new int[0];
        }
        body.u8();
        int[] formats = new int[body.left()];
        for (int i = 0; i < formats.length; i++) {
            formats[i] = body.u8();
        }
        return formats;
    }

    /** A copy, to be read from its beginning; the first of that type. */
    private @Nullable Cursor body(int type) {
        for (Extension extension : extensions) {
            if (extension.type() == type) {
                Cursor body = extension.body();
                return new Cursor(body.bytes, body.at, body.end);
            }
        }
        return null;
    }

    private static int[] withoutGrease(int[] numbers) {
        return IntStream.of(numbers)
                .filter(n -> (n & 0x0f0f) != 0x0a0a || n >> 8 != (n & 0xff))
                .toArray();
    }

    private static String decimal(int[] numbers) {
        return joined(numbers, "-", Integer::toString);
    }

    private static String hexadecimal(int[] numbers) {
        return joined(numbers, ",", n -> HexFormat.of().toHexDigits((short) n));
    }

    private static String joined(int[] numbers, String between, IntFunction<String> text) {
        return IntStream.of(numbers).mapToObj(text).collect(Collectors.joining(between));
    }

    private static String counted(int number) {
        int shown = Math.min(number, MOST_COUNTED);
        return shown < 10 ? "0" + shown : Integer.toString(shown);
    }

    private static String shortHash(String text) {
        return text.isEmpty()
                ? "0".repeat(HASH_DIGITS)
                : hash("SHA-256", text).substring(0, HASH_DIGITS);
    }

    private static String hash(String algorithm, String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
