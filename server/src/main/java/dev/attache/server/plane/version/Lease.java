package dev.attache.server.plane.version;

/** A share in something that others may share too; it ends when the last share is given back. */
@FunctionalInterface
public interface Lease {
    /** Gives the share back; doing so twice does nothing. */
    void close();
}
