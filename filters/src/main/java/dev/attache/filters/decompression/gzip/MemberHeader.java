package dev.attache.filters.decompression.gzip;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;

/** The header of a gzip member (RFC 1952 section 2.3), however it is cut. Loop-confined. */
final class MemberHeader {

    private static final int CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int FIXED = 10;

    private final CRC32 checksum = new CRC32();
    private int read;
    private int flags;

    /** Of the field that is being read, behind the fixed part. */
    private int part;

    private int inPart;
    private int number;

    /**
     * Reads on.
     *
     * @return whether it is whole
     * @throws DataFormatException if it is none
     */
    boolean read(ByteBuf in) throws DataFormatException {
        while (true) {
            skipParts();
            if (read >= FIXED && part > 3) {
                return true;
            }
            if (!in.isReadable()) {
                return false;
            }
            int octet = in.readUnsignedByte();
            if (read < FIXED) {
                fixed(octet);
                checksum.update(octet);
                read++;
            } else {
                varying(octet);
            }
        }
    }

    private void fixed(int octet) throws DataFormatException {
        boolean good =
                switch (read) {
                    case 0 -> octet == 0x1f;
                    case 1 -> octet == 0x8b;
                    case 2 -> octet == 8;
                    case 3 -> (octet & RESERVED) == 0;
                    default -> true;
                };
        if (!good) {
            throw new DataFormatException("incorrect header check");
        }
        if (read == 3) {
            flags = octet;
        }
    }

    /** Extra field, name, comment, checksum: those that there are not are passed over. */
    private void skipParts() {
        while (read >= FIXED && part <= 3 && (flags & flag()) == 0) {
            next();
        }
    }

    private int flag() {
        return switch (part) {
            case 0 -> EXTRA;
            case 1 -> NAME;
            case 2 -> COMMENT;
            default -> CRC;
        };
    }

    private void next() {
        part++;
        inPart = 0;
        number = 0;
    }

    private void varying(int octet) throws DataFormatException {
        int at = inPart++;
        if (part == 3) {
            checked(octet, at);
            return;
        }
        checksum.update(octet);
        if (part == 0) {
            number |= at < 2 ? octet << 8 * at : 0;
            if (at >= 1 && at + 1 == number + 2) {
                next();
            }
        } else if (octet == 0) {
            next();
        }
    }

    private void checked(int octet, int at) throws DataFormatException {
        number |= octet << 8 * at;
        if (at == 1) {
            if (number != (int) (checksum.getValue() & 0xffff)) {
                throw new DataFormatException("header crc mismatch");
            }
            next();
        }
    }
}
