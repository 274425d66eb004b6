package dev.attache.config.extension.jar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A jar in memory: the bytes of the file as they were, inflated where somebody asks for an entry.
 * Read whole and checked once, so that a file that was copied by halves is refused before anything
 * of it is used. Immutable; any thread.
 *
 * <p>The JDK reads jars from files alone, and trusts that they do not change. Format: PKWARE's
 * APPNOTE, without zip64, encryption, and methods other than stored and deflated.
 */
final class JarContent {
    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int DIRECTORY = 0x02014b50;
    private static final int DIRECTORY_SIZE = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_SIZE = 30;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final String VERSIONS = "META-INF/versions/";

    /** Classes of the newest release that a jar may speak to. */
    private static final int RELEASE = Runtime.version().feature();

    /**
     * @param at where its local header stands
     * @param packed its size in the file
     */
    private record Entry(int at, int method, int packed, int size, long crc) {}

    private final ByteBuffer file;
    private final Map<String, Entry> entries = new HashMap<>();
    private final @Nullable Manifest manifest;

    /**
     * @param bytes of the file; kept
     * @throws IOException if it is no whole jar
     */
    JarContent(byte[] bytes) throws IOException {
        this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            readDirectory();
            for (Entry entry : entries.values()) {
                read(entry);
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("is no whole jar", e);
        }
        byte[] text = read("META-INF/MANIFEST.MF");
        this.manifest = text == null ? null : new Manifest(new ByteArrayInputStream(text));
        if (manifest != null && isMultiRelease(manifest)) {
            layReleases();
        }
    }

    private void readDirectory() throws IOException {
        int end = findEnd();
        int count = Short.toUnsignedInt(file.getShort(end + 10));
        int size = file.getInt(end + 12);
        int offset = file.getInt(end + 16);
        int start = end - size;
        // What stands before the first entry, as the script of a jar that can be executed.
        int ahead = start - offset;
        if (count == 0xffff || size < 0 || offset < 0 || start < 0 || ahead < 0) {
            throw new IOException("is no whole jar, or one of more than 65534 entries or 2 GiB");
        }
        int at = start;
        for (int i = 0; i < count; i++) {
            if (file.getInt(at) != DIRECTORY) {
                throw new IOException("is no whole jar: its directory is broken");
            }
            int name = Short.toUnsignedInt(file.getShort(at + 28));
            int rest =
                    Short.toUnsignedInt(file.getShort(at + 30))
                            + Short.toUnsignedInt(file.getShort(at + 32));
            Entry entry =
                    new Entry(
                            ahead + file.getInt(at + 42),
                            Short.toUnsignedInt(file.getShort(at + 10)),
                            file.getInt(at + 20),
                            file.getInt(at + 24),
                            Integer.toUnsignedLong(file.getInt(at + 16)));
            entries.put(text(at + DIRECTORY_SIZE, name), entry);
            at += DIRECTORY_SIZE + name + rest;
        }
    }

    private int findEnd() throws IOException {
        int last = file.limit() - END_SIZE;
        for (int at = last; at >= 0 && at >= last - LONGEST_COMMENT; at--) {
            if (file.getInt(at) == END
                    && at + END_SIZE + Short.toUnsignedInt(file.getShort(at + 20))
                            == file.limit()) {
                return at;
            }
        }
        throw new IOException("is no whole jar: it does not end as one");
    }

    private String text(int at, int length) {
        return new String(file.array(), at, length, StandardCharsets.UTF_8);
    }

    private static boolean isMultiRelease(Manifest manifest) {
        String value = manifest.getMainAttributes().getValue(Attributes.Name.MULTI_RELEASE);
        return value != null && value.equalsIgnoreCase("true");
    }

    /** What the jar has for this release stands in the place of what it has for all. */
    private void layReleases() {
        Map<String, Integer> chosen = new HashMap<>();
        for (String name : Set.copyOf(entries.keySet())) {
            int slash = name.indexOf('/', VERSIONS.length());
            if (!name.startsWith(VERSIONS) || slash < 0 || slash == name.length() - 1) {
                continue;
            }
            int release = number(name.substring(VERSIONS.length(), slash));
            String plain = name.substring(slash + 1);
            Entry entry = entries.get(name);
            if (release >= 9
                    && release <= RELEASE
                    && release > chosen.getOrDefault(plain, 0)
                    && entry != null) {
                chosen.put(plain, release);
                entries.put(plain, entry);
            }
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The jar's manifest, or null. */
    @Nullable Manifest manifest() {
        return manifest;
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /**
     * The content of an entry, or null where there is none of that name.
     *
     * @throws IOException if it is broken, which the constructor would have found
     */
    byte @Nullable [] read(String name) throws IOException {
        Entry entry = entries.get(name);
        return entry == null ? null : read(entry);
    }

    private byte[] read(Entry entry) throws IOException {
        if (file.getInt(entry.at) != LOCAL || entry.size < 0 || entry.packed < 0) {
            throw new IOException("is no whole jar: an entry is not where it should be");
        }
        int start =
                entry.at
                        + LOCAL_SIZE
                        + Short.toUnsignedInt(file.getShort(entry.at + 26))
                        + Short.toUnsignedInt(file.getShort(entry.at + 28));
        if (entry.packed > file.limit() - start) {
            throw new IOException("is no whole jar: an entry ends behind the file");
        }
        byte[] content = new byte[entry.size];
        switch (entry.method) {
            case STORED -> file.get(start, content, 0, Math.min(entry.packed, entry.size));
            case DEFLATED -> inflate(start, entry.packed, content);
            default -> throw new IOException("has an entry of compression method " + entry.method);
        }
        CRC32 crc = new CRC32();
        crc.update(content);
        if (crc.getValue() != entry.crc) {
            throw new IOException("is no whole jar: an entry's checksum is wrong");
        }
        return content;
    }

    private void inflate(int start, int packed, byte[] into) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(file.array(), start, packed);
            int done = 0;
            while (done < into.length) {
                int more = inflater.inflate(into, done, into.length - done);
                if (more == 0) {
                    throw new IOException("is no whole jar: an entry is too short");
                }
                done += more;
            }
        } catch (DataFormatException e) {
            throw new IOException("is no whole jar: an entry cannot be inflated", e);
        } finally {
            inflater.end();
        }
    }
}
