package dev.attache.filters.http.oauth2.exchange;

import dev.attache.config.load.JsonStruct;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the token endpoint has given (RFC 6749 section 5.1), its body read as protobuf reads JSON.
 * Texts are octets. Immutable.
 *
 * @param idToken empty = none
 * @param refreshToken empty = none
 * @param expiresSeconds of the access token, from now on
 */
public record TokenResponse(
        String accessToken, String idToken, String refreshToken, long expiresSeconds) {

    /** There are no tokens in it. */
    public static final class NoTokensException extends Exception {
        private static final long serialVersionUID = 1;

        NoTokensException(String message) {
            super(message, null, false, false);
        }
    }

    private static final String MESSAGE = "envoy.extensions.http_filters.oauth2.OAuthResponse";

    /**
     * @param otherwiseSeconds how long an access token is good that says nothing of it
     * @throws NoTokensException with what Envoy says of the body
     */
    public static TokenResponse read(byte[] body, long otherwiseSeconds) throws NoTokensException {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        MetadataValue.Struct object = JsonStruct.read(body);
        if (object == null) {
            throw unreadable(text, "");
        }
        String access = text(object, "access_token", "accessToken", text);
        String id = text(object, "id_token", "idToken", text);
        String refresh = text(object, "refresh_token", "refreshToken", text);
        Long expires = seconds(object, text);
        if (access == null) {
            throw new NoTokensException(
                    "No access token found in the token exchange response: response body: " + text);
        }
        long good = expires == null ? otherwiseSeconds : expires;
        if (good <= 0) {
            throw new NoTokensException(
                    "No default or explicit access token expiration found in the token exchange"
                            + " response: response body: "
                            + text);
        }
        return new TokenResponse(
                access, id == null ? "" : id, refresh == null ? "" : refresh, good);
    }

    private static NoTokensException unreadable(String body, String field) {
        return new NoTokensException(
                "Failed to parse oauth response body: response body: "
                        + body
                        + ", exception: Unable to parse JSON as proto (INVALID_ARGUMENT: invalid"
                        + " JSON in "
                        + MESSAGE
                        + (field.isEmpty() ? "" : " @ " + field)
                        + "): "
                        + body);
    }

    /** Null where it is not there. */
    private static @Nullable MetadataValue value(
            MetadataValue.Struct object, String name, String jsonName) {
        MetadataValue value = object.get(name);
        if (value == null) {
            value = object.get(jsonName);
        }
        return value instanceof MetadataValue.Null ? null : value;
    }

    private static @Nullable String text(
            MetadataValue.Struct object, String name, String jsonName, String body)
            throws NoTokensException {
        MetadataValue value = value(object, name, jsonName);
        if (value == null) {
            return null;
        }
        if (value instanceof MetadataValue.Text(String text)) {
            return Octets.of(text);
        }
        throw unreadable(body, name);
    }

    /**
     * A number of 64 bits, be it written as text; what has more of them than a sign has is none.
     */
    private static @Nullable Long seconds(MetadataValue.Struct object, String body)
            throws NoTokensException {
        MetadataValue value = value(object, "expires_in", "expiresIn");
        if (value == null) {
            return null;
        }
        double number = -1;
        if (value instanceof MetadataValue.Number(double written)) {
            number = written;
        } else if (value instanceof MetadataValue.Text(String text)
                && text.matches("[0-9]{1,20}")) {
            number = Double.parseDouble(text);
        }
        if (number < 0 || number != Math.rint(number) || number >= 0x1p64) {
            throw unreadable(body, "expires_in");
        }
        return number >= 0x1p63 ? Long.valueOf(-1) : Long.valueOf((long) number);
    }
}
