package dev.attache.filters.injected_credentials.oauth2;

import dev.attache.config.load.JsonStruct;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import org.jspecify.annotations.Nullable;

/**
 * A token and how long it is good (RFC 6749, section 5.1). Immutable.
 *
 * @param token octets
 */
record TokenAnswer(String token, long seconds) {

    /** Null where the body does not say both. */
    static @Nullable TokenAnswer read(byte[] body) {
        MetadataValue.Struct object = JsonStruct.read(body);
        if (object == null) {
            return null;
        }
        MetadataValue token = object.get("access_token");
        double good = seconds(object.get("expires_in"));
        return token instanceof MetadataValue.Text(String text) && good >= 0
                ? new TokenAnswer(Octets.of(text), (long) good)
                : null;
    }

    /** A number, be it written as text; -1: it is none, or not a whole one. */
    private static double seconds(@Nullable MetadataValue value) {
        double number = -1;
        if (value instanceof MetadataValue.Number(double written)) {
            number = written;
        } else if (value instanceof MetadataValue.Text(String text)
                && text.matches("[0-9]{1,18}")) {
            number = Double.parseDouble(text);
        }
        return number == Math.rint(number) && number < 0x1p62 ? number : -1;
    }
}
