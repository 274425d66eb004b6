package dev.attache.proxy.address;

import io.netty.channel.unix.DomainSocketAddress;

/** A Unix domain socket; {@code @name} is in the abstract namespace. Immutable. */
public record PipeAddress(String path, int mode) implements Address {

    public PipeAddress(String path) {
        this(path, 0);
    }

    /** From the kernel's form, where an abstract name starts with NUL. */
    static PipeAddress ofNative(String path) {
        return new PipeAddress(path.startsWith("\0") ? "@" + path.substring(1) : path);
    }

    public boolean isAbstract() {
        return path.startsWith("@");
    }

    @Override
    public DomainSocketAddress toSocketAddress() {
        return new DomainSocketAddress(isAbstract() ? "\0" + path.substring(1) : path);
    }

    @Override
    public String toString() {
        return path;
    }
}
