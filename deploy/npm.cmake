# palermo_npm(folder wanted what): C sources from npm, by the package-lock.json of the calling folder, which
# pins each package by its SHA-512. npm fetches them once into PALERMO_NPM/folder, which all presets share;
# nothing of them is in the repository, and no script of a package runs. Rebuilding needs neither npm nor
# the network. `wanted`: a file that must be there afterwards, below node_modules.
set(PALERMO_NPM ${CMAKE_SOURCE_DIR}/build/npm CACHE PATH "Where packages of npm are kept")

function(palermo_npm name wanted what)
  set(folder ${PALERMO_NPM}/${name})
  set(file ${folder}/node_modules/${wanted})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS package.json package-lock.json)
  file(SHA256 ${CMAKE_CURRENT_SOURCE_DIR}/package-lock.json lock_hash)
  file(MAKE_DIRECTORY ${folder})
  file(LOCK ${folder}/lock TIMEOUT 600)
  set(fetched "")
  if(EXISTS ${folder}/fetched)
    file(READ ${folder}/fetched fetched)
  endif()
  if(NOT fetched STREQUAL lock_hash OR NOT EXISTS ${file})
    find_program(PALERMO_NPM_PROGRAM npm)
    if(NOT PALERMO_NPM_PROGRAM)
      message(FATAL_ERROR "npm is not there. It fetches the sources of ${what} once.\n"
        "Run deploy/setup --build, or copy the folder build/npm of a tree that was built before.")
    endif()
    message(STATUS "Fetching the sources of ${what} with npm")
    file(REMOVE ${folder}/fetched)
    file(COPY ${CMAKE_CURRENT_SOURCE_DIR}/package.json ${CMAKE_CURRENT_SOURCE_DIR}/package-lock.json
      DESTINATION ${folder})
    execute_process(
      COMMAND ${PALERMO_NPM_PROGRAM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
      WORKING_DIRECTORY ${folder} RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE errors TIMEOUT 300)
    if(NOT result EQUAL 0 OR NOT EXISTS ${file})
      message(FATAL_ERROR "npm could not fetch the sources of ${what} (${result}):\n${errors}\n"
        "This needs npm's registry once: check the network and npm's settings, then run cmake again. "
        "Or copy the folder build/npm of a tree that was built before.")
    endif()
    file(WRITE ${folder}/fetched ${lock_hash})
  endif()
  file(LOCK ${folder}/lock RELEASE)
endfunction()
