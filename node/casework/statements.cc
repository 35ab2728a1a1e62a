#include "node/casework/statements.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include "node/casework/text.h"

namespace palermo::casework {
namespace {

// Longer texts than the longest of the lists say something.
constexpr size_t kLongestStatement = 256;

// As PlainWords makes them: folded, one blank for each run of signs.
constexpr std::string_view kSayNothing[] = {
    // English
    "none", "no", "nil", "na", "n a", "nothing", "null", "nobody", "no one", "none yet",
    "none so far", "none known", "none given", "none made", "none available", "no data",
    "no information", "unknown", "not known", "not known yet", "not yet known", "to follow",
    "follows", "will follow", "later", "pending", "in progress", "ongoing", "not done", "not yet",
    "not done yet", "not yet done", "not made", "not made yet", "not yet made", "to be done",
    "to do", "todo", "tbd", "tba", "tbc", "t b d", "to be determined", "to be decided",
    "to be confirmed", "to be announced", "to be completed", "to be provided", "to be appointed",
    "missing", "not available", "unavailable", "not applicable", "not assessed", "not yet assessed",
    "not assessed yet", "not reviewed", "not yet reviewed", "not given", "not stated", "not said",
    "not provided", "not specified", "unspecified", "not appointed", "not yet appointed",
    "no assessment", "no guardian", "no review", "no notice", "no grounds", "no reason",
    "no explanation", "not yet available", "not available yet", "no assessment has been made",
    "no assessment was made", "none has been made", "not yet designated", "empty", "blank", "x",
    "xx", "xxx", "xxxx",
    // French
    "aucun", "aucune", "neant", "non", "rien", "inconnu", "inconnue", "a venir", "a suivre",
    "suivra", "en attente", "en cours", "pas encore", "pas encore fait", "pas encore faite",
    "pas fait", "pas faite", "non fait", "non faite", "non effectue", "non effectuee",
    "non realise", "non realisee", "sans objet", "s o", "non applicable", "non disponible",
    "non communique", "non precise", "a faire", "a completer", "a determiner", "a preciser",
    "plus tard", "personne", "sera fourni", "sera fournie", "sera transmis", "sera transmise",
    "pas encore designe", "pas encore designee", "pas encore disponible", "non designe",
    // Spanish
    "ninguno", "ninguna", "ningun", "nada", "nadie", "desconocido", "desconocida", "se desconoce",
    "pendiente", "por determinar", "por hacer", "por definir", "por confirmar", "a determinar",
    "a seguir", "seguira", "sigue", "aun no", "todavia no", "no hecho", "no hecha", "no realizado",
    "no realizada", "no aplica", "no aplicable", "no disponible", "no consta", "sin datos",
    "en curso", "en tramite", "mas tarde",
    // Portuguese and Italian
    "nenhum", "nenhuma", "nao", "desconhecido", "desconhecida", "pendente", "ainda nao",
    "nao aplicavel", "nao feito", "nao feita", "a definir", "nessuno", "nessuna", "sconosciuto",
    "sconosciuta", "in attesa", "non ancora", "non fatto", "non fatta", "non noto", "da definire",
    "da fare", "in corso", "niente", "nulla",
    // German
    "keine", "keiner", "kein", "keines", "keins", "nein", "nichts", "niemand", "unbekannt",
    "nicht bekannt", "folgt", "folgt noch", "wird folgen", "wird nachgereicht", "ausstehend",
    "steht aus", "steht noch aus", "offen", "noch offen", "noch nicht", "noch keine",
    "noch nicht erfolgt", "nicht erfolgt", "nicht gemacht", "nicht zutreffend", "nicht vorhanden",
    "nicht verfugbar", "entfallt", "k a", "keine angabe", "keine angaben", "zu bestimmen", "spater",
    // Russian
    "нет", "не", "нет данных", "отсутствует", "отсутствуют", "никто", "ничего", "неизвестно",
    "неизвестен", "неизвестна", "не известно", "не известен", "ожидается", "позже", "позднее",
    "будет позже", "будет представлено", "еще нет", "еще не", "пока нет", "в процессе", "в работе",
    "не проведено", "не проведена", "не проводилась", "не проводилось", "не сделано",
    "не выполнено", "не назначен", "не назначена", "не назначено", "еще не назначен",
    "не применимо", "неприменимо", "не указано", "не указан", "н д", "б н",
    // Chinese
    "无", "沒有", "没有", "未知", "不详", "不明", "待定", "待补", "待补充", "待确认", "尚无",
    "尚未", "暂无", "不适用", "未完成", "未进行", "未评估", "进行中", "空",
    // Arabic
    "لا", "لا يوجد", "لا توجد", "لا شيء", "لا احد", "لا أحد", "غير معروف", "غير معروفة", "مجهول",
    "قيد الانتظار", "في الانتظار", "قيد التنفيذ", "لاحقا", "فيما بعد", "ليس بعد", "لم يتم",
    "لم يتم بعد", "لم يحدد", "لم يحدد بعد", "غير متوفر", "غير متاح", "غير محدد", "لا ينطبق"};

constexpr std::string_view kNoMarks[] = {"removed",        "obliterated",
                                         "erased",         "illegible",
                                         "not legible",    "unreadable",
                                         "not readable",   "defaced",
                                         "effaced",        "destroyed",
                                         "ground off",     "filed off",
                                         "scratched",      "scratched off",
                                         "drilled out",    "not visible",
                                         "none visible",   "not marked",
                                         "unmarked",       "no mark",
                                         "no marks",       "no serial",
                                         "no serial no",   "no serial number",
                                         "no number",      "without",
                                         "without number", "without serial number",
                                         "serial removed", "serial number removed",
                                         "not found",      "efface",
                                         "effacee",        "illisible",
                                         "meule",          "lime",
                                         "supprime",       "enleve",
                                         "sans numero",    "sans marque",
                                         "non lisible",    "borrado",
                                         "borrada",        "ilegible",
                                         "limado",         "eliminado",
                                         "suprimido",      "sin numero",
                                         "sin marca",      "sin serie",
                                         "raspado",        "removido",
                                         "apagado",        "sem numero",
                                         "cancellato",     "abraso",
                                         "illeggibile",    "rimosso",
                                         "senza numero",   "entfernt",
                                         "unleserlich",    "nicht lesbar",
                                         "ausgeschliffen", "weggeschliffen",
                                         "abgeschliffen",  "ohne",
                                         "ohne nummer",    "удален",
                                         "стерт",          "спилен",
                                         "сбит",           "нечитаем",
                                         "не читается",    "нечитаемыи",
                                         "без номера",     "无号码",
                                         "无编号",         "已磨掉",
                                         "磨掉",           "磨损",
                                         "无法辨认",       "ممسوح",
                                         "مطموس",          "غير مقروء",
                                         "بدون رقم",       "بلا رقم"};

bool IsSign(char32_t c) {
  const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  if (c < 0x80) return !letter;
  // Marks of Latin-1, general punctuation and that of East Asia, wide signs,
  // and of Arabic.
  return (c >= 0x80 && c < 0xC0) || c == 0xD7 || c == 0xF7 || (c >= 0x2010 && c <= 0x206F) ||
         (c >= 0x2190 && c <= 0x27BF) || (c >= 0x3000 && c <= 0x303F) ||
         (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || c == 0x60C || c == 0x61B ||
         c == 0x61F || c == 0x640;
}

// Folded, the letters and digits alone, one blank for each run of signs between
// them. Vowel marks of Arabic are left out.
std::string PlainWords(std::string_view text) {
  const std::string folded = Folded(text);
  std::string_view rest = folded;
  std::string out;
  bool gap = false;
  while (!rest.empty()) {
    const char32_t c = TakeCodePoint(rest);
    if (c >= 0x64B && c <= 0x65F) continue;
    if (IsSign(c)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    AppendUtf8(c, out);
  }
  return out;
}

template <size_t kCount>
bool IsInWords(std::string_view word, const std::string_view (&words)[kCount]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool IsNothing(const std::string& plain) {
  // Zeros fill a field that may not be empty.
  return plain.find_first_not_of("0 ") == std::string::npos || IsInWords(plain, kSayNothing);
}

}  // namespace

bool SaysNothing(std::string_view text) {
  return text.size() <= kLongestStatement ? IsNothing(PlainWords(text)) : IsBlank(text);
}

bool NamesNoMark(std::string_view text) {
  if (text.size() > kLongestStatement) return IsBlank(text);
  const std::string plain = PlainWords(text);
  return IsNothing(plain) || IsInWords(plain, kNoMarks);
}

}  // namespace palermo::casework
