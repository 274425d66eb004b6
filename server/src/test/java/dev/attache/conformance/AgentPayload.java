package dev.attache.conformance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Datadog's agent is sent: lists of lists of spans in MessagePack. */
final class AgentPayload {

    private AgentPayload() {}

    static List<Map<String, Object>> spans(byte[] body) {
        List<Map<String, Object>> spans = new ArrayList<>();
        for (Object trace : Tree.list(value(ByteBuffer.wrap(body)))) {
            for (Object span : Tree.list(trace)) {
                spans.add(Tree.map(span));
            }
        }
        return spans;
    }

    private static Object value(ByteBuffer in) {
        int type = in.get() & 0xff;
        if (type < 0x80) {
            return (long) type;
        }
        if (type < 0x90) {
            return map(in, type & 15);
        }
        if (type < 0xa0) {
            return list(in, type & 15);
        }
        if (type < 0xc0) {
            return text(in, type & 31);
        }
        return switch (type) {
            case 0xcb -> in.getDouble();
            case 0xcc, 0xcd, 0xce, 0xcf -> number(in, 1 << type - 0xcc);
            case 0xd0, 0xd1, 0xd2, 0xd3 -> number(in, 1 << type - 0xd0);
            case 0xd9, 0xda, 0xdb -> text(in, (int) Long.parseLong(number(in, 1 << type - 0xd9)));
            case 0xdc, 0xdd -> list(in, (int) Long.parseLong(number(in, 2 << type - 0xdc)));
            case 0xde, 0xdf -> map(in, (int) Long.parseLong(number(in, 2 << type - 0xde)));
            default -> throw new IllegalArgumentException("MessagePack type " + type);
        };
    }

    private static String number(ByteBuffer in, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | in.get() & 0xff;
        }
        return Long.toUnsignedString(value);
    }

    private static String text(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<Object> list(ByteBuffer in, int size) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(value(in));
        }
        return list;
    }

    private static Map<String, Object> map(ByteBuffer in, int size) {
        Map<String, Object> map = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            String key = String.valueOf(value(in));
            Object of = value(in);
            // However long it is written, a number is the same.
            map.put(key, of instanceof Long small ? small.toString() : of);
        }
        return map;
    }
}
