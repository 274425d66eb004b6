package dev.attache.agent.names;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of an answer. Immutable.
 *
 * @param owner whose it is
 * @param labels the owner's
 * @param data an address; empty where there is a target
 * @param target labels of the name that a CNAME leads to, or null
 */
record DnsRecord(
        String owner, List<byte[]> labels, int type, byte[] data, @Nullable List<byte[]> target) {

    /** Seconds that an answer may be kept: short, so that changes of the mesh arrive. */
    static final int TTL = 30;

    static final int CLASS_IN = 1;

    /** The record under another name. */
    DnsRecord of(String name, List<byte[]> itsLabels) {
        return new DnsRecord(name, itsLabels, type, data, target);
    }
}
