package dev.attache.server.plane;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.proxy.worker.Faults;

/** What all stores say alike about resources. */
final class Resources {

    private Resources() {}

    /** A body that is no message of its type. */
    static <T> Compiled<T> unreadable(String resource, InvalidProtocolBufferException why) {
        return Compiled.rejected(
                Diagnostic.error(resource, "", "unreadable resource: " + why.getMessage()));
    }

    /**
     * A compilation that failed without diagnostics, which is a defect, but costs only its
     * resource.
     */
    static <T> Compiled<T> failed(String resource, Throwable why) {
        Faults.contain(why);
        String message = why instanceof RuntimeException ? why.getMessage() : null;
        return Compiled.rejected(
                Diagnostic.error(resource, "", message != null ? message : Faults.text(why)));
    }
}
