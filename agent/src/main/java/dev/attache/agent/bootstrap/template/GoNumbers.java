package dev.attache.agent.bootstrap.template;

/** Numbers as templates write them. */
final class GoNumbers {

    private GoNumbers() {}

    /** A {@link Long} where it is whole, else a {@link Double}. */
    static Object parse(Token token) {
        String text = token.text().replace("_", "");
        try {
            return Long.decode(text.startsWith("0o") ? "0" + text.substring(2) : text);
        } catch (NumberFormatException whole) {
            return decimal(token, text);
        }
    }

    private static Object decimal(Token token, String text) {
        try {
            double value = Double.parseDouble(text);
            boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
            return whole ? (Object) (long) value : (Object) value;
        } catch (NumberFormatException e) {
            Fault fault = new Fault(token.at(), "bad number syntax: \"" + token.text() + "\"");
            fault.addSuppressed(e);
            throw fault;
        }
    }
}
