// SPDX-License-Identifier: Apache-2.0
// Characters that make up most of everyday text, and of forms that ask for a name, a number and an address, in the
// scripts that have thousands.
#ifndef GANDER_CONTENT_FREQUENT_CHARACTERS_H_
#define GANDER_CONTENT_FREQUENT_CHARACTERS_H_

#include <string_view>

namespace gander::content {

inline constexpr std::u16string_view kFrequentSimplified =
    u"的一是不了人在有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没"
    u"日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知样现分将外但身些与高意进把法此实回二理美"
    u"点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少"
    u"关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金"
    u"何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算"
    u"证号码身份姓址联邮箱护照银卡户账密码社保医院病生籍族性别婚职称薪资税险车牌驾驶居民单帐款支付宝微信手机传真编省区街镇村号";
inline constexpr std::u16string_view kFrequentTraditional =
    u"的一是不了人在有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小麼心多天而能好都然沒"
    u"日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知樣現分將外但身些與高意進把法此實回二理美"
    u"點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少"
    u"關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九笑性通目華報立馬命張活難神數件安表原車白應路期叫死常提感金"
    u"證號碼身份分姓址聯郵箱護照銀卡戶帳密社保醫院病籍婚職稱薪資稅險牌駕駛居民單款付電子郵件行動統一編字縣區街鎮村里鄰巷弄樓請儘快";
inline constexpr std::u16string_view kFrequentKanji =
    u"日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木"
    u"聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世"
    u"多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終台広住無真有口少町料工建空急止送切転研足究楽起着店病質待試族銀"
    u"氏名電話番号住所生年月日旅券免許証保険個人様御社員口座振込支店郵便性別職業携帯健康登録提出資料準備部署名簿";
inline constexpr std::u16string_view kFrequentHangul =
    u"이다는의가에고을한하지로기사은도를서자어대리시나그라인아일만해보장과정들으있수들부전제게여주상원였면니세구신적할동조없공관경오"
    u"경용문마거무소화야안국위선내성스요려우치비분방유학생민등록번호여권전화핸드폰이메일주소계좌은행카드이름성명생년월일비밀번호운전"
    u"면허증건강보험회사직원급여주민감합습입니까각명단출실했던말때모두저것같든";

}  // namespace gander::content

#endif  // GANDER_CONTENT_FREQUENT_CHARACTERS_H_
