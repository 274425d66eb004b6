package dev.attache.xds.mux;

/** A pause that resumes once, however often it is closed. */
final class PauseOf implements Mux.Pause {

    private final Runnable resume;
    private boolean closed;

    PauseOf(Runnable resume) {
        this.resume = resume;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            resume.run();
        }
    }
}
