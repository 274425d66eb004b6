package dev.attache.filters.access_loggers.open_telemetry;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import java.util.List;

/** A value of OpenTelemetry's with formats for texts. Immutable. */
sealed interface OtlpTemplate {

    /** Of {@code AnyValue}. */
    int STRING_VALUE = 1;

    int ARRAY_VALUE = 5;
    int KVLIST_VALUE = 6;

    /** Of {@code KeyValueList} and {@code ArrayValue}. */
    int VALUES = 1;

    /** Of {@code KeyValue}. */
    int KEY = 1;

    int VALUE = 2;

    /** The fields of the {@code AnyValue}. */
    void write(MessageWriter out, FormatContext entry);

    /** A format. */
    record Text(Formatter format) implements OtlpTemplate {

        @Override
        public void write(MessageWriter out, FormatContext entry) {
            out.octetsAlways(STRING_VALUE, format.format(entry));
        }
    }

    /** A list. */
    record Sequence(List<OtlpTemplate> values) implements OtlpTemplate {

        @Override
        public void write(MessageWriter out, FormatContext entry) {
            int list = out.begin(ARRAY_VALUE);
            for (int i = 0; i < values.size(); i++) {
                int value = out.begin(VALUES);
                values.get(i).write(out, entry);
                out.end(value);
            }
            out.end(list);
        }
    }

    /** Names with values, in order. */
    record Pairs(List<Pair> pairs) implements OtlpTemplate {

        @Override
        public void write(MessageWriter out, FormatContext entry) {
            int list = out.begin(KVLIST_VALUE);
            write(out, VALUES, entry);
            out.end(list);
        }

        /** Each pair as a field of that number. */
        void write(MessageWriter out, int field, FormatContext entry) {
            for (int i = 0; i < pairs.size(); i++) {
                Pair pair = pairs.get(i);
                int begun = out.begin(field);
                out.text(KEY, pair.key());
                int value = out.begin(VALUE);
                pair.value().write(out, entry);
                out.end(value);
                out.end(begun);
            }
        }
    }

    /** One of them. */
    record Pair(String key, OtlpTemplate value) {}
}
