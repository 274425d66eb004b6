package dev.attache.filters.authorization;

import dev.attache.filters.unsendable.UnsendableRequest;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.Locale;

/**
 * One header that an authorization service wants changed. Immutable.
 *
 * @param name as the service wrote it
 * @param value octets
 */
public record HeaderEdit(String name, String value, Action action) {

    /** What is done with the value. */
    public enum Action {
        /** In place of all values. */
        SET,
        /** As a field of its own behind those that are there. */
        ADD,
        /** Joined to the value that is there; without one nothing is done. */
        APPEND_IF_THERE,
        ADD_IF_ABSENT,
        SET_IF_THERE
    }

    public void apply(Headers headers) {
        HeaderName key = key();
        switch (action) {
            case SET -> headers.set(key, value);
            case ADD -> headers.add(key, value);
            case APPEND_IF_THERE -> {
                if (headers.contains(key)) {
                    headers.appendJoined(key, value, ",");
                }
            }
            case ADD_IF_ABSENT -> headers.setIfAbsent(key, value);
            case SET_IF_THERE -> {
                if (headers.contains(key)) {
                    headers.set(key, value);
                }
            }
        }
    }

    /** As the service means it. */
    public String lowerName() {
        return name.toLowerCase(Locale.ROOT);
    }

    /** As it stands among headers, where a host is the authority. */
    public HeaderName key() {
        HeaderName key = HeaderName.of(lowerName());
        return key == HeaderName.HOST ? HeaderName.AUTHORITY : key;
    }

    /** Whether it could stand in a message: RFC 9110's tokens, and no control characters. */
    public boolean isValid() {
        return HeaderName.isValid(name) && UnsendableRequest.isValidValue(value);
    }
}
