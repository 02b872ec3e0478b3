package dev.cloche.kernel;

/**
 * One broken rule in what a caller sent.
 *
 * @param field where: a dotted path such as {@code config.pythonPackages[2]}, a header or a query name
 * @param rule which rule, as a short stable word: {@code required}, {@code unknown}, {@code pattern}, {@code maxLength} ...
 * @param message what to do, for people
 */
public record FieldError(String field, String rule, String message) {}
