package dev.attache.agent.names;

/** Bits and numbers of a message's header (RFC 1035, 4.1.1; RFC 4035 for CD). */
final class DnsFlags {

    static final int RESPONSE = 0x8000;
    static final int OPCODE = 0x7800;
    static final int AUTHORITATIVE = 0x0400;
    static final int TRUNCATED = 0x0200;
    static final int RECURSION_DESIRED = 0x0100;
    static final int CHECKING_DISABLED = 0x0010;
    static final int RCODE = 0x000f;

    static final int NOERROR = 0;
    static final int FORMERR = 1;
    static final int SERVFAIL = 2;
    static final int NXDOMAIN = 3;
    static final int NOTIMP = 4;
    static final int REFUSED = 5;

    static final int NOTIFY = 4 << 11;

    private DnsFlags() {}
}
