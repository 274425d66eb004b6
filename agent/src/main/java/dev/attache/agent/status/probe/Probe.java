package dev.attache.agent.status.probe;

import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
import java.io.IOException;

/** One probe of the application. On a virtual thread; blocks up to its limit. */
interface Probe {

    /** How long it may take where nobody said: a probe that hangs must not be kept for ever. */
    int LONGEST_SECONDS = 60;

    /**
     * Asks the application and answers as it did.
     *
     * @throws IOException when whoever asks has gone
     */
    void answer(StatusRequest request, StatusReply reply) throws IOException;
}
