# po files to one C++ table for each language. msgattrib leaves out what is not translated or fuzzy, and
# writes \uXXXX, which C++ reads as it is.
set(text "")
foreach(language ar zh fr ru es)
  execute_process(COMMAND ${MSGATTRIB} --translated --no-fuzzy --no-obsolete --properties-output --no-wrap
                          --sort-output ${PO}/${language}.po
    OUTPUT_VARIABLE rows COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "(^|\n)[#!][^\n]*" "\\1" rows "${rows}")
  string(REPLACE "\\=" "<<equals>>" rows "${rows}")
  string(REGEX REPLACE "\\\\([ :#!])" "\\1" rows "${rows}")
  string(REPLACE "\"" "\\\"" rows "${rows}")
  string(REGEX REPLACE "([^\n=]+)=([^\n]*)" "  {\"\\1\", \"\\2\"}," rows "${rows}")
  string(REPLACE "<<equals>>" "=" rows "${rows}")
  string(REGEX REPLACE "\n\n+" "\n" rows "${rows}")
  string(APPEND text "constexpr Entry kTexts_${language}[] = {\n${rows}\n};\n")
endforeach()
file(WRITE ${OUT} "${text}")
