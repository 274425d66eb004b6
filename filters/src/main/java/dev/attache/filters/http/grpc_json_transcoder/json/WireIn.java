package dev.attache.filters.http.grpc_json_transcoder.json;

import java.util.Arrays;

/** Protobuf's wire format, read front to back. */
public final class WireIn {
    private final byte[] bytes;
    private int at;

    public WireIn(byte[] bytes) {
        this.bytes = bytes;
    }

    /** How much has been read. */
    public int at() {
        return at;
    }

    int end() {
        return bytes.length;
    }

    int octet() throws Unfit {
        if (at == bytes.length) {
            throw new Unfit("unexpected EOF");
        }
        return bytes[at++] & 0xff;
    }

    public long varint() throws Unfit {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            long octet = octet();
            value |= (octet & 0x7f) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new Unfit("unexpected EOF");
    }

    long fixed(int octets) throws Unfit {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value |= (long) octet() << 8 * i;
        }
        return value;
    }

    /** Where what a length announces ends. */
    public int limit() throws Unfit {
        long length = varint();
        if (length < 0 || length > bytes.length - at) {
            throw new Unfit("unexpected EOF");
        }
        return at + (int) length;
    }

    public byte[] bytes(int length) {
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** Passes over a field that nobody knows. */
    public void skip(int number, int wireType) throws Unfit {
        switch (wireType) {
            case 0 -> varint();
            case 1 -> fixed(8);
            case 2 -> at = limit();
            case 3 -> skipGroup(number);
            case 5 -> fixed(4);
            default -> throw new Unfit("unknown wire type: " + wireType);
        }
    }

    private void skipGroup(int number) throws Unfit {
        int open = 1;
        while (open > 0) {
            int tag = (int) varint();
            switch (tag & 7) {
                case 3 -> open++;
                case 4 -> open--;
                default -> skip(number, tag & 7);
            }
        }
    }
}
