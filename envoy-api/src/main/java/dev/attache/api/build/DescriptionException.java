package dev.attache.api.build;

/** The description of the API does not hold; the message begins with file and line. */
final class DescriptionException extends RuntimeException {
    DescriptionException(String message) {
        super(message);
    }
}
