package dev.attache.filters.http.lua.exchange;

import dev.attache.filters.lua.LuaReader;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.LocalReply;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Headers that a script has written as a table, in the order in which Lua walks over it. */
public record HeaderTable(List<LocalReply.Field> all) {

    private static final int NONE = -1;

    public static HeaderTable read(MemorySegment written) {
        return read(new LuaReader(written));
    }

    public static HeaderTable read(LuaReader reader) {
        List<LocalReply.Field> fields = new ArrayList<>();
        while (reader.more()) {
            HeaderName name = HeaderName.of(reader.text());
            fields.add(new LocalReply.Field(name, reader.text()));
        }
        return new HeaderTable(fields);
    }

    /** The number in {@code :status}, or -1 where there is none. */
    public int status() {
        for (LocalReply.Field field : all) {
            if (field.name() == HeaderName.STATUS) {
                String text = field.value().strip();
                String digits = text.startsWith("+") ? text.substring(1) : text;
                boolean number =
                        !digits.isEmpty()
                                && digits.length() < 10
                                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
                return number ? Integer.parseInt(digits) : NONE;
            }
        }
        return NONE;
    }

    /** What is sent beside the status. */
    public List<LocalReply.Field> fields() {
        return all.stream()
                .filter(field ->
                        field.name() != HeaderName.STATUS
                                && field.name() != HeaderName.CONTENT_LENGTH)
                .toList();
    }

    public void addTo(Headers headers) {
        for (LocalReply.Field field : all) {
            HeaderName name = field.name() == HeaderName.HOST ? HeaderName.AUTHORITY : field.name();
            headers.add(name, field.value());
        }
    }
}
