package dev.attache.agent.status;

import java.io.IOException;
import java.io.OutputStream;

/** How a request is answered. For the thread that answers it. */
public interface StatusReply {

    /** Sets a header field; before the first byte of the body. */
    void field(String name, String value);

    /** Sets the status, which is 200 otherwise; before the first byte of the body. */
    void status(int status);

    /**
     * The body; writing to it waits for a client that is slow.
     *
     * @throws IOException when the client has gone
     */
    OutputStream body() throws IOException;

    /**
     * Sends what is not sent yet; nothing can be added then. Done by itself when the page is.
     *
     * @throws IOException when the client has gone
     */
    void finish() throws IOException;

    /** Answers with a text, whose type is found by looking at it. */
    default void text(int status, String text) throws IOException {
        status(status);
        body().write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Answers with an error as Go's server writes them. */
    default void error(int status, String text) throws IOException {
        field("Content-Type", "text/plain; charset=utf-8");
        field("X-Content-Type-Options", "nosniff");
        text(status, text + "\n");
    }
}
