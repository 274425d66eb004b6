package dev.attache.server.admin.message;

import java.util.ArrayDeque;

/** An object or array that is being printed. One for each that is open. */
abstract class Level {
    protected final MessagePrinter printer;
    private final char close;
    private boolean empty = true;

    /**
     * @param brackets the first opens, the second closes it
     */
    Level(MessagePrinter printer, String brackets) {
        this.printer = printer;
        this.close = brackets.charAt(1);
        printer.out.raw(brackets.charAt(0));
    }

    /** Prints the next member, or begins it as a level of its own; false when there is none. */
    abstract boolean step();

    /** Begins a member of an array. */
    protected void item() {
        if (!empty) {
            printer.out.raw(',');
        }
        empty = false;
        printer.out.line(printer.depth());
    }

    /** Begins a member of an object. */
    protected void key(String name) {
        item();
        printer.out.quote(name);
        printer.out.raw(": ");
    }

    /** Prints the end. */
    void close(ArrayDeque<Level> outer) {
        if (!empty) {
            printer.out.line(outer.size());
        }
        printer.out.raw(close);
    }
}
