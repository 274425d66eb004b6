package dev.attache.filters.http.json_to_metadata;

import dev.attache.filters.metadata.NumberText;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** What was found in a body, as metadata has it. Pure. */
final class FoundValue {

    /** Longer text is not written. In bytes of UTF-8. */
    private static final int LONGEST = 8 * 1024;

    private FoundValue() {}

    /**
     * What came of it.
     *
     * @param fits it is there, and of that type
     * @param value null = nothing is written
     */
    record Result(boolean fits, @Nullable MetadataValue value) {

        private static final Result UNFIT = new Result(false, null);

        private static final Result NOTHING = new Result(true, null);

        private Result(MetadataValue made) {
            this(true, made);
        }
    }

    static Result of(@Nullable JsonValue found, Target.Type type) {
        return switch (type) {
            case PROTOBUF_VALUE -> value(found);
            case STRING -> text(found);
            case NUMBER -> number(found);
        };
    }

    private static Result value(@Nullable JsonValue found) {
        return switch (found) {
            case JsonValue.Flag(boolean flag) -> new Result(new MetadataValue.Bool(flag));
            case JsonValue.Whole(long whole) -> new Result(new MetadataValue.Number(whole));
            case JsonValue.Fraction(double number) -> new Result(new MetadataValue.Number(number));
            case JsonValue.Text(String text) when !isTooLong(text) ->
                    new Result(new MetadataValue.Text(text));
            case null, default -> Result.UNFIT;
        };
    }

    private static Result text(@Nullable JsonValue found) {
        String text =
                switch (found) {
                    case JsonValue.Flag(boolean flag) -> flag ? "1" : "0";
                    case JsonValue.Whole(long whole) -> Long.toString(whole);
                    case JsonValue.Fraction(double number) -> sixDecimals(number);
                    case JsonValue.Text(String own) -> own;
                    case null, default -> null;
                };
        if (text == null || isTooLong(text)) {
            return Result.UNFIT;
        }
        return text.isEmpty() ? Result.NOTHING : new Result(new MetadataValue.Text(text));
    }

    private static Result number(@Nullable JsonValue found) {
        Double number =
                switch (found) {
                    case JsonValue.Flag(boolean flag) -> flag ? 1.0 : 0.0;
                    case JsonValue.Whole(long whole) -> Double.valueOf(whole);
                    case JsonValue.Fraction(double own) -> own;
                    case JsonValue.Text(String text) -> NumberText.parse(text);
                    case null, default -> null;
                };
        return number == null ? Result.UNFIT : new Result(new MetadataValue.Number(number));
    }

    /** As C++ prints a double ({@code %f}): all digits that it has, and six decimals. */
    private static String sixDecimals(double number) {
        String text = new BigDecimal(number).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
        return Double.compare(number, 0) < 0 && !text.startsWith("-") ? "-" + text : text;
    }

    private static boolean isTooLong(String text) {
        return Octets.of(text).length() > LONGEST;
    }
}
