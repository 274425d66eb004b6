package dev.attache.proxy.call;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The scope of who makes one call at a time, e.g. a network filter for its connection.
 * Loop-confined.
 */
public final class SoleCall implements CallScope {

    private final Consumer<Throwable> failed;
    private @Nullable UpstreamCall call;

    /**
     * @param failed hears what a listener threw; the call has been given up
     */
    public SoleCall(Consumer<Throwable> failed) {
        this.failed = failed;
    }

    @Override
    public void began(UpstreamCall started) {
        call = started;
    }

    @Override
    public void ended(UpstreamCall over) {
        call = null;
    }

    @Override
    public void failed(Throwable thrown) {
        failed.accept(thrown);
    }

    /** Gives up the call that runs. Returns whether one did. */
    public boolean cancel() {
        UpstreamCall open = call;
        if (open == null) {
            return false;
        }
        open.cancel();
        return true;
    }
}
